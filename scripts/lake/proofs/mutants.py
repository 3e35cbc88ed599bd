"""A test of the proof: the project with one thing broken on purpose must not pass."""

import shutil
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from lake.errors import UserError
from lake.proofs.engine import copy_project
from lake.proofs.incremental import Outcome, run_schedule
from lake.proofs.pool import engine, say
from lake.proofs.schedule import make_schedule


@dataclass(frozen=True)
class Mutant:
    """One sabotage: in `file`, every `old` becomes `new`; the schedule of `seed` must find it.

    With `lagging`, the schedule is the first from that seed on in which this source lags two
    batches behind the others: what the sabotage spoils is seen nowhere else.
    """

    name: str
    file: str
    old: str
    new: str
    seed: int
    lagging: str = ""


MUTANTS = (
    Mutant(
        "mark-is-exclusive",
        "macros/incremental/touched_since.sql",
        "_batch_id >= {{ mark }}",
        "_batch_id > {{ mark }}",
        1,
    ),
    Mutant(
        "open-batch-is-not-read-again",
        "macros/incremental/arrived_since.sql",
        "{{ column }} >= ",
        "{{ column }} > ",
        1,
    ),
    Mutant(
        "touched-days-from-the-state",
        "macros/incremental/touched_days.sql",
        "ref('int_orders_validated')",
        "ref('int_orders')",
        1,
    ),
    Mutant(
        "vanished-groups-stay",
        "macros/engine/merge_config.sql",
        "'condition': 'DBT_INTERNAL_SOURCE._is_vanished'",
        "'condition': 'false'",
        1,
    ),
    Mutant(
        "earlier-copies-forgotten",
        "macros/quality/dispositions.sql",
        "_batch_id < {{ mark }}",
        "_batch_id < {{ mark }} and false",
        1,
    ),
    Mutant(
        "history-cut-from-new-changes-only",
        "models/intermediate/orders/int_orders_history.sql",
        "{{ touched_since(mark, 'chg.order_id', ref('int_order_changes'), 'order_id') }}",
        "chg._batch_id >= {{ mark or 0 }}",
        1,
    ),
    Mutant(
        "one-mark-for-all-parents",
        "models/intermediate/orders/int_order_lines.sql",
        "mark('_product_batch_id')",
        "mark()",
        1,
        lagging="products",
    ),
    Mutant(
        "one-mark-for-mixed-rows",
        "macros/incremental/touched_since_any.sql",
        "(' >= ' ~ mark if mark else ' is not null')",
        "' >= ' ~ (marks.values() | select | max)",
        1,
        lagging="order_items",
    ),
    Mutant(
        "customer-not-touched",
        "models/intermediate/orders/int_order_lines.sql",
        "touched_since(customer_mark, 'ord.customer_id'",
        "touched_since(9999999999, 'ord.customer_id'",
        1,
    ),
    Mutant(
        "day-before-a-reading-not-touched",
        "macros/incremental/near_touched_days.sql",
        "range(-reach, reach + 1)",
        "range(reach + 1)",
        1,
    ),
    Mutant(
        "old-charge-not-touched",
        "models/marts/core/fct_payments.sql",
        "ref('int_refunds_validated')",
        "ref('int_refunds')",
        1,
    ),
    Mutant(
        "stock-left-behind",
        "models/intermediate/inventory/int_inventory_levels.sql",
        "ref('int_inventory_movements_validated') }} as rec",
        "ref('int_inventory_movements') }} as rec",
        1,
    ),
    Mutant(
        "minutes-of-kept-records-only",
        "models/marts/logs/agg_service_health_minute.sql",
        "ref('int_log_events_validated')",
        "ref('int_log_events')",
        1,
    ),
    Mutant(
        "sessions-around-a-record-not-touched",
        "macros/incremental/touched_sessions.sql",
        "interval '30' minute",
        "interval '0' minute",
        4,
    ),
    Mutant(
        "visitors-of-kept-events-only",
        "models/intermediate/clickstream/int_session_events.sql",
        "ref('int_events_validated')",
        "ref('int_events')",
        4,
    ),
    Mutant(
        "minutes-of-kept-events-only",
        "models/marts/clickstream/agg_events_minute.sql",
        "ref('int_events_validated')",
        "ref('int_events')",
        4,
    ),
    Mutant(
        "minutes-follow-later-logins",
        "models/marts/clickstream/agg_events_minute.sql",
        "ses.known_user_id",
        "ses.user_id",
        1,
    ),
    Mutant(
        "day-after-a-record-not-touched",
        "models/marts/clickstream/rpt_conversion_funnel.sql",
        "event_at + interval '30' minute",
        "event_at",
        4,
    ),
)


def sabotage(project: Path, folder: Path, mutant: Mutant) -> Path:
    """Copy the project into `folder` and break it; return the copy.

    Raises:
        UserError: the text to break is no longer there.
    """
    shutil.rmtree(folder, ignore_errors=True)
    copy = copy_project(project, folder)
    path = copy / mutant.file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if mutant.old not in text:
        raise UserError(
            f"mutant {mutant.name}: {mutant.file} no longer holds {mutant.old!r}; "
            "mend the mutant in scripts/lake/proofs/mutants.py"
        )
    path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    return copy


def try_mutant(project: Path, home: Path, mutant: Mutant, batches: int) -> Outcome:
    """Run a mutant's schedule, comparing after each whole build; the outcome must not hold."""
    copy = sabotage(project, home / mutant.name, mutant)
    seed = _seed(mutant, batches)
    return run_schedule(
        engine(copy), home / f"{mutant.name}-lake", seed, batches, every=True, progress=say
    )


def _seed(mutant: Mutant, batches: int) -> int:
    """Return the first seed, from the mutant's own on, whose schedule holds what it needs."""
    return next(
        seed
        for seed in count(mutant.seed)
        if not mutant.lagging or make_schedule(seed, batches).lagging.get(mutant.lagging) == 2
    )
