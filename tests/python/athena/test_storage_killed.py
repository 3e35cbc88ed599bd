"""A service that is killed at any moment still has all that it has answered."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from lake.athena.control.processes import free_port
from lake.athena.settings import Settings

START_SECONDS = 60


class Killed:
    """A service in a process of its own that keeps what it holds."""

    def __init__(self, folder):
        self.settings = Settings(
            port=free_port(), trino_port=9, home=folder / "home", persist=folder / "kept"
        )
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lake.athena.server", self.settings.to_json()],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdout=subprocess.DEVNULL,
        )
        for _ in range(START_SECONDS * 10):
            try:
                urllib.request.urlopen(f"{self.settings.url}/_athena/status").close()
                return
            except OSError:
                assert self.process.poll() is None
                time.sleep(0.1)
        pytest.fail("the service did not start")

    def end(self, how):
        self.process.send_signal(how)
        return self.process.wait(30)

    def client(self, name):
        return boto3.client(
            name,
            endpoint_url=self.settings.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"max_attempts": 1}),
        )


@pytest.fixture
def killed(tmp_path):
    service = Killed(tmp_path)
    service.start()
    yield service
    if service.process.poll() is None:
        service.end(signal.SIGKILL)


def write_until_refused(service, worker, answered):
    """Write a metadata file, then the table that names it, over and over."""
    s3, glue = service.client("s3"), service.client("glue")
    number = 0
    try:
        while True:
            name = f"t{worker}_{number}"
            key = f"{name}/metadata/1.json"
            s3.put_object(Bucket="lake", Key=key, Body=name.encode())
            glue.create_table(
                DatabaseName="default",
                TableInput={
                    "Name": name,
                    "Parameters": {
                        "table_type": "ICEBERG",
                        "metadata_location": f"s3://lake/{key}",
                    },
                },
            )
            answered.append(name)
            number += 1
    except (BotoCoreError, ClientError, HTTPClientError):
        return


def test_whatever_was_answered_is_there_after_a_kill(killed):
    answered = []
    for round_ in range(3):
        writers = [
            threading.Thread(
                target=write_until_refused, args=(killed, f"{round_}_{worker}", answered)
            )
            for worker in range(3)
        ]
        for writer in writers:
            writer.start()
        enough = len(answered) + 20
        while len(answered) < enough:
            time.sleep(0.01)
        killed.end(signal.SIGKILL)
        for writer in writers:
            writer.join()
        killed.start()
        s3, glue = killed.client("s3"), killed.client("glue")
        held = {
            each["Name"]: each["Parameters"]["metadata_location"]
            for each in glue.get_tables(DatabaseName="default")["TableList"]
        }
        assert set(answered) <= held.keys()
        for name, location in held.items():
            body = s3.get_object(Bucket="lake", Key=location.removeprefix("s3://lake/"))["Body"]
            assert body.read() == name.encode()


def test_a_service_told_to_end_ends_in_order(killed):
    assert killed.end(signal.SIGTERM) == 0
