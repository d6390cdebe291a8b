"""Definitions of figures as files of other tools, and back: MetricFlow of dbt (YAML), and OSI of Apache Ossie (JSON).

Of MetricFlow the semantic models are the tables of carestudy's data contract, and the metrics simple ones and ratios;
of OSI (core specification 0.2.0.dev0) datasets, computed fields and metrics in ANSI SQL.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from carestudy.contract import TABLES, CareError
from carestudy.exports.definitions import Definition, Measure

Json = dict[str, Any]
SIDES = ("numerator", "denominator")
OSI_VERSION = "0.2.0.dev0"
RATIO = re.compile(r"SUM\(([\w.]+)\)(?: / NULLIF\(SUM\(([\w.]+)\), 0\))?")


@dataclass(frozen=True)
class Format:
    """How definitions are written as a file of a tool, and read from it."""

    write: Callable[[Sequence[Definition]], str]
    read: Callable[[str], list[Definition]]


def as_metricflow(definitions: Sequence[Definition]) -> str:
    """Semantic models and metrics of dbt, in YAML."""
    models = [_semantic_model(name, _measures(definitions, name)) for name in _tables(definitions)]
    metrics = [metric for definition in definitions for metric in _metrics(definition)]
    content = {"semantic_models": models, "metrics": metrics}
    return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120))


def from_metricflow(text: str) -> list[Definition]:
    """The definitions in a file that ``as_metricflow`` wrote."""
    content = yaml.safe_load(text)
    measures = {
        measure["name"]: Measure(model["name"], measure["expr"])
        for model in content["semantic_models"]
        for measure in model["measures"]
    }
    whole = [metric for metric in content["metrics"] if "config" in metric]
    return [_of_metric(metric, measures) for metric in whole]


def as_osi(definitions: Sequence[Definition]) -> str:
    """A semantic model of Apache Ossie (Open Semantic Interchange), in JSON."""
    datasets = [_dataset(name, definitions) for name in _tables(definitions)]
    across = [_osi_metric(definition, qualified=True) for definition in definitions if _table_of(definition) is None]
    model = {"name": "carestudy", "description": "Figures of customer care", "datasets": datasets, "metrics": across}
    return json.dumps({"version": OSI_VERSION, "semantic_model": [model]}, ensure_ascii=False, indent=1) + "\n"


def from_osi(text: str) -> list[Definition]:
    """The definitions in a file that ``as_osi`` wrote."""
    (model,) = json.loads(text)["semantic_model"]
    measures = {
        f"{dataset['name']}.{field['name']}": Measure(dataset["name"], _ansi(field))
        for dataset in model["datasets"]
        for field in dataset["fields"]
    }
    scoped = [(f"{dataset['name']}.", metric) for dataset in model["datasets"] for metric in dataset["metrics"]]
    return [
        _of_osi(prefix, metric, measures)
        for prefix, metric in [*scoped, *(("", metric) for metric in model["metrics"])]
    ]


FORMATS: Mapping[str, Format] = {
    "metricflow": Format(as_metricflow, from_metricflow),
    "osi": Format(as_osi, from_osi),
}


def _sides(definition: Definition) -> Iterable[tuple[str, Measure]]:
    sides = zip(SIDES, (definition.numerator, definition.denominator), strict=True)
    return [(f"{definition.name}_{side}", measure) for side, measure in sides if measure is not None]


def _tables(definitions: Sequence[Definition]) -> list[str]:
    used = {measure.table for definition in definitions for _, measure in _sides(definition)}
    return [name for name in TABLES if name in used]


def _measures(definitions: Sequence[Definition], table: str) -> dict[str, str]:
    sides = [side for definition in definitions for side in _sides(definition)]
    return {name: measure.expression for name, measure in sides if measure.table == table}


def _semantic_model(table: str, measures: Mapping[str, str]) -> Json:
    contract = TABLES[table]
    texts = [name for name, kind in contract.columns.items() if kind in ("text", "flag") and not name.endswith("_id")]
    time = {"name": contract.time, "type": "time", "type_params": {"time_granularity": "day"}}
    others = [{"name": name, "type": "categorical"} for name in texts if name != "comment"]
    entities = [{"name": contract.key, "type": "primary"}]
    if "customer_id" in contract.columns and contract.key != "customer_id":
        entities.append({"name": "customer_id", "type": "foreign"})
    return {
        "name": table,
        "model": f"ref('{table}')",
        "defaults": {"agg_time_dimension": contract.time},
        "entities": entities,
        "dimensions": [time, *others],
        "measures": [{"name": name, "agg": "sum", "expr": expression} for name, expression in measures.items()],
    }


def _metrics(definition: Definition) -> list[Json]:
    """The metric of a figure, and before a ratio the two simple metrics that it divides."""
    facts = {"label": definition.label, "description": definition.description}
    meta = {"config": {"meta": {"carestudy": definition.name, "unit": definition.unit}}}
    sides = [name for name, _ in _sides(definition)]
    if definition.denominator is None:
        simple = {"type": "simple", "type_params": {"measure": sides[0]}}
        return [{"name": definition.name, **facts, **simple, **meta}]
    parts = [
        {"name": name, "label": f"{definition.label}: {side}", "type": "simple", "type_params": {"measure": name}}
        for name, side in zip(sides, SIDES, strict=True)
    ]
    ratio = {"type": "ratio", "type_params": dict(zip(SIDES, sides, strict=True))}
    return [*parts, {"name": definition.name, **facts, **ratio, **meta}]


def _of_metric(metric: Mapping[str, Any], measures: Mapping[str, Measure]) -> Definition:
    names = list(metric["type_params"].values())
    below = measures[names[1]] if len(names) > 1 else None
    facts = (metric["label"], metric["description"], metric["config"]["meta"]["unit"])
    return Definition(metric["name"], *facts, measures[names[0]], below)


def _table_of(definition: Definition) -> str | None:
    """The one table of a definition; None where it has two."""
    tables = {measure.table for _, measure in _sides(definition)}
    return tables.pop() if len(tables) == 1 else None


def _dataset(table: str, definitions: Sequence[Definition]) -> Json:
    contract = TABLES[table]
    fields = [{"name": name, **_expression(text)} for name, text in _measures(definitions, table).items()]
    inside = [_osi_metric(definition, qualified=False) for definition in definitions if _table_of(definition) == table]
    return {"name": table, "source": table, "primary_key": [contract.key], "fields": fields, "metrics": inside}


def _osi_metric(definition: Definition, *, qualified: bool) -> Json:
    fields = [f"{measure.table}.{name}" if qualified else name for name, measure in _sides(definition)]
    text = f"SUM({fields[0]})" + (f" / NULLIF(SUM({fields[1]}), 0)" if len(fields) > 1 else "")
    facts = json.dumps({"label": definition.label, "unit": definition.unit}, ensure_ascii=False)
    extension = [{"vendor_name": "COMMON", "data": facts}]
    told = {"name": definition.name, "description": definition.description}
    return {**told, **_expression(text), "custom_extensions": extension}


def _expression(text: str) -> Json:
    return {"expression": {"dialects": [{"dialect": "ANSI_SQL", "expression": text}]}}


def _ansi(entry: Mapping[str, Any]) -> str:
    return str(entry["expression"]["dialects"][0]["expression"])


def _of_osi(prefix: str, metric: Mapping[str, Any], measures: Mapping[str, Measure]) -> Definition:
    if not (match := RATIO.fullmatch(_ansi(metric))):
        raise CareError(f"the metric {metric['name']} is no sum and no ratio of sums of fields")
    above, below = (measures[f"{prefix}{name}"] if name else None for name in match.groups())
    facts = json.loads(metric["custom_extensions"][0]["data"])
    if above is None:
        raise CareError(f"the metric {metric['name']} sums nothing")
    return Definition(metric["name"], facts["label"], metric["description"], facts["unit"], above, below)
