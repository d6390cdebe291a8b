"""Phone numbers as ids: one number in several forms is counted as several customers."""

from __future__ import annotations

from carestudy import engine
from carestudy.care import Care
from carestudy.measure.phone_numbers import PHONE, phone
from carestudy.quality.findings import Finding
from carestudy.quality.reads import Reads

ID = "customer_id"


def found_in_phones(care: Care, reads: Reads) -> list[Finding]:
    """How many phone numbers stand as ids in several forms, of all ids that are phone numbers."""
    tables = [name for name in care.tables if care.has(name, ID)]
    if not tables or care.settings.match_ids != "exact":
        return []
    ids = engine.union(*(care.tables[name].select(ID) for name in tables), distinct=True)
    ids = ids.filter(ids[ID].re_search(PHONE))
    ids = ids.select(written=ids[ID], number=phone(ids[ID])).filter(lambda both: both.number.re_search(r"^(0|\+)"))
    counts = ids.aggregate(forms=ids.written.nunique(), numbers=ids.number.nunique())
    row = engine.fetch(counts, ("forms", "numbers")).to_dict("records")[0]
    name = "customers" if "customers" in tables else tables[0]
    return [Finding(name, ID, "phones", row["forms"] - row["numbers"], row["forms"], reads.touched(name, ID))]
