"""All that the automatic checks have to say about an order, for whoever decides on it."""

from __future__ import annotations

from collections.abc import Collection

from console import clock
from console.models import Order
from console.queries.elsewhere import elsewhere
from console.rules.checks import Finding, check_filing
from console.rules.checks.desk import check_for_desk
from console.rules.checks.finding import REFUSE, unique
from console.rules.filing import Filing, FilingType
from console.rules.lifecycle import FINAL, State
from console.rules.materials import Slot
from console.services import materials
from console.services.books import book_on


def findings_for_desk(
    order: Order, filing: Filing, handed: Filing, papers: Collection[Slot]
) -> list[Finding]:
    """What the checks find today in the filing as it was handed in, refusals first.

    `handed` is the filing as the ministry gets it, `papers` are those that are there.

    To what the applicant is told it adds what only the desk can know: what is shared with other
    orders, and what needs a person's eye.
    """
    day = clock.china_day(clock.now())
    # What a change that is over has changed is in the register, and can no longer be told.
    over = filing.type is FilingType.CHANGE and State(order.state) in FINAL
    found = [] if over else check_filing(handed, day, book_on(day))
    found += check_for_desk(filing)
    # Where papers are not demanded, the page lists them as missing: that alone stops nobody.
    about = materials.findings(order, handed, papers)
    found += [finding for finding in about if finding.severity == REFUSE]
    found += elsewhere(order, filing)
    return sorted(unique(found), key=lambda finding: finding.severity != "refuse")
