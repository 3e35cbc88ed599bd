"""Which files of Trino's archive are unpacked, and what is said where that cannot be done."""

import io
import tarfile
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from lake.athena.control import install, java
from lake.errors import UserError

ROOT = "trino-server-476"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive like Trino's: jars of wanted connectors are links into unwanted ones."""
    path = tmp_path / "trino.tar.gz"
    with tarfile.open(path, "w:gz") as file:

        def add(name: str, content: bytes) -> None:
            member = tarfile.TarInfo(f"{ROOT}/{name}")
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))

        def link(name: str, target: str) -> None:
            member = tarfile.TarInfo(f"{ROOT}/{name}")
            member.type, member.linkname = tarfile.LNKTYPE, f"{ROOT}/{target}"
            file.addfile(member)

        add("bin/launcher", b"script")
        add("lib/io.trino_trino-main-476.jar", b"main")
        add("plugin/delta-lake/shared.jar", b"shared")
        add("plugin/delta-lake/own.jar", b"own")
        add("plugin/hive/io.trino_trino-hive-476.jar", b"hive")
        link("plugin/hive/shared.jar", "plugin/delta-lake/shared.jar")
        add("plugin/hive/hdfs/hadoop.jar", b"hadoop")
        add("plugin/hive/com.azure_azure-core-1.55.3.jar", b"azure")
        add("plugin/iceberg/io.trino_trino-iceberg-476.jar", b"iceberg")
        link("plugin/iceberg/shared.jar", "plugin/delta-lake/shared.jar")
        link("plugin/iceberg/main.jar", "lib/io.trino_trino-main-476.jar")
        outside = tarfile.TarInfo(f"{ROOT}/lib/../../outside.jar")
        file.addfile(outside, io.BytesIO(b""))
    return path


def test_links_are_followed_and_the_rest_is_left(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "home"
    with Progress(disable=True) as progress:
        install.unpack(archive, target, progress)
    files = {
        str(path.relative_to(target)): path.read_bytes()
        for path in target.rglob("*")
        if path.is_file()
    }
    assert files == {
        "lib/io.trino_trino-main-476.jar": b"main",
        "plugin/hive/io.trino_trino-hive-476.jar": b"hive",
        "plugin/hive/shared.jar": b"shared",
        "plugin/iceberg/io.trino_trino-iceberg-476.jar": b"iceberg",
        "plugin/iceberg/main.jar": b"main",
        "plugin/iceberg/shared.jar": b"shared",
    }
    assert install.missing_part(target) is None
    assert not (tmp_path / "outside.jar").exists()


@pytest.mark.parametrize(
    "jar",
    [
        "org.rocksdb_rocksdbjni-7.0.3.jar",
        "net.snowflake_snowflake-jdbc-3.24.2.jar",
        "io.grpc_grpc-netty-shaded-1.70.0.jar",
        "com.google.api.grpc_proto-google-common-protos-2.57.0.jar",
        "com.google.cloud_google-cloud-storage-2.52.3.jar",
        "com....apis_google-api-services-storage-v1-rev20250509-2.0.0.jar",
        "com.microsoft.azure_msal4j-1.20.1.jar",
        "org.alluxio_alluxio-core-common-2.9.6.jar",
        "io.netty_netty-codec-native-quic-4.2.1.Final-osx-aarch_64.jar",
        "netty-tcnative-boringssl-static-2.0.72.Final-windows-x86_64.jar",
        "com.squareup.okio_okio-jvm-3.12.0.jar",
    ],
)
def test_spare_jars_stay_away(jar: str) -> None:
    assert not install.is_wanted(f"plugin/iceberg/{jar}")
    assert install.is_wanted(f"lib/{jar}")


@pytest.mark.parametrize(
    "jar",
    [
        "io.trino.coral_coral-2.2.49-1.jar",
        "org.projectnessie.nessie_nessie-model-0.104.1.jar",
        "com.google.guava_guava-33.4.8-jre.jar",
        "com.google.inject_guice-7.0.0.jar",
        "com.google.code.gson_gson-2.13.1.jar",
        "com.google.protobuf_protobuf-java-3.25.8.jar",
        "org.apache.iceberg_iceberg-aws-1.9.1.jar",
        "software.amazon.awssdk_glue-2.31.57.jar",
        "io.netty_netty-handler-4.2.1.Final.jar",
    ],
)
def test_needed_jars_come(jar: str) -> None:
    assert install.is_wanted(f"plugin/iceberg/{jar}")


def test_an_archive_with_another_sum_is_refused(archive: Path) -> None:
    with Progress(disable=True) as progress, pytest.raises(UserError, match="has SHA-256"):
        install.check_sum(archive, progress)


def test_a_folder_that_is_no_trino_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("TRINO_HOME", str(tmp_path))
    with pytest.raises(UserError, match="no unpacked Trino 476"):
        install.install(Console(quiet=True))


def test_without_maven_the_line_says_what_to_do(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("TRINO_HOME", raising=False)
    monkeypatch.setenv("LAKE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="install Maven, or set TRINO_HOME"):
        install.install(Console(quiet=True))
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_maven_that_fails_is_quoted_and_leaves_nothing(tmp_path: Path, monkeypatch) -> None:
    maven = tmp_path / "bin" / "mvn"
    maven.parent.mkdir()
    maven.write_text("#!/bin/sh\necho '[ERROR] Could not transfer artifact'\nexit 1\n")
    maven.chmod(0o755)
    monkeypatch.delenv("TRINO_HOME", raising=False)
    monkeypatch.setenv("LAKE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{maven.parent}:/usr/bin:/bin")
    with pytest.raises(UserError, match="Could not transfer artifact; check the network"):
        install.install(Console(quiet=True))
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_installation_is_checked_unpacked_and_found_again(
    archive: Path, tmp_path: Path, monkeypatch
) -> None:
    kept = tmp_path / ".m2" / "repository" / install.ARCHIVE
    kept.parent.mkdir(parents=True)
    archive.rename(kept)
    monkeypatch.delenv("TRINO_HOME", raising=False)
    monkeypatch.setenv("LAKE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(install, "ARCHIVE_BYTES", kept.stat().st_size)
    monkeypatch.setattr(install, "check_sum", lambda archive, progress: None)
    home = install.install(Console(quiet=True))
    assert home == tmp_path / "cache" / "trino-476"
    assert [path.name for path in home.parent.iterdir()] == ["trino-476"]
    kept.unlink()
    assert install.install(Console(quiet=True)) == home


def test_an_old_java_is_not_taken(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch()
    monkeypatch.setattr(java, "_packaged_home", lambda: None)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    (tmp_path / "release").write_text('IMPLEMENTOR="x"\nJAVA_VERSION="21.0.4"\n')
    with pytest.raises(UserError, match="no Java 24 or later"):
        java.java_command()
    (tmp_path / "release").write_text('JAVA_VERSION="25.0.2"\n')
    assert java.java_command() == tmp_path / "bin" / "java"
