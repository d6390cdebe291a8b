"""The service desk, shown: how quick help is, when it is asked for, how many it takes, what each person has to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from carestudy.contract import CareError, Missing
from carestudy.show import gaps, labels
from carestudy.show.asked import Asked
from carestudy.show.output import Output

Written = Mapping[str, Sequence[str]]
MOMENTS = ("opened_at", "first_reply_at", "resolved_at")
NOTE = Markup('<p class="muted">{}</p>')


@dataclass(frozen=True)
class Service:
    """Pictures of the service desk; ``assumed`` are opening hours that care.toml does not tell."""

    asked: Asked
    assumed: Written | None = None

    def assuming(self, hours: Written) -> Service:
        """The same with opening hours for want of those of care.toml, written alike; every page says so."""
        settings = self.asked.care.settings
        if settings.hours:
            return self
        known = replace(settings, hours={name: tuple(shifts) for name, shifts in hours.items()})
        if known.business is None:
            raise CareError("hours name no day: write them as in care.toml")
        return Service(replace(self.asked, care=replace(self.asked.care, settings=known)), hours)

    def speed(self) -> Output:
        """How long customers wait for a first reply and a solution, and how many are answered, as far as data tell.

        Half of the customers and nine of ten; in business hours only where care.toml states them, as a reply at a time
        that is only assumed to be closed would take no time at all.
        """
        from carestudy.show.opening import joined  # here and below: loaded with the engine where it is used
        from carestudy.show.speed import kpis, speed

        def draw() -> Output:
            from carestudy.overview import scorecard

            business = bool(self.asked.care.settings.hours) and not self.assumed
            card = scorecard(self.asked.care, period=self.asked.period, kpis=kpis(business=business))
            if not card["n"].sum():
                return gaps.nothing(self.asked.reader, label)
            hourless = self.asked.care.without_clock("contacts", *MOMENTS)
            return speed(self.asked.reader, card, business=business, hourless=hourless)

        label = self.asked.reader.t("Time to first reply and to a solution")
        times, handled = self._tried(label, draw), self._handled()
        if handled is None or "gap" in times.looks:
            return handled or times
        return joined([times, handled])

    def _handled(self) -> Output | None:
        """How many contacts are answered or abandoned, and how long people work on them; None where no data tell."""
        from carestudy import kpi
        from carestudy.measure.available import lack
        from carestudy.show.opening import tiles_of

        every = [kpi.answered_share, kpi.abandoned_share, kpi.mean_handling_time, kpi.total_handling_time]
        kpis = [one for one in every if lack(self.asked.care, one) is None]
        return tiles_of(self.asked, kpis) if kpis else None

    def stages(self) -> Output:
        """Before, during and after a purchase by channel: volume, speed, satisfaction, complaints, recommendation."""
        from carestudy.show.stages import stages

        return self._tried(self.asked.reader.t("Before, during and after a purchase"), lambda: stages(self.asked))

    def topics(self, *, top: int = 8) -> Output:
        """What customers come with and complain of: the most frequent topics, their months, and what has changed."""
        from carestudy.show.topics import topics

        return self._tried(self.asked.reader.t("Topic"), lambda: topics(self.asked, top=top))

    def load(self) -> Output:
        """When customers ask for help by weekday and hour, and whether somebody is there."""
        from carestudy.desk import coverage, load
        from carestudy.show.desk import load as shown

        def draw() -> Output:
            care, period = self.asked.care, self.asked.period
            inside = coverage(care, period=period) if care.settings.hours else None
            frame = load(care, period=period)
            if not frame["contacts"].sum():
                return gaps.nothing(self.asked.reader, label)
            return self._noted(shown(self.asked.reader, frame, inside))

        label = self.asked.reader.t("Contacts by weekday and hour")
        return self._tried(label, draw)

    def staffing(
        self,
        *,
        handling_minutes: float,
        channel: str | Sequence[str] | None = None,
        promise: float = 0.8,
        within_seconds: float = 20,
        patience_minutes: float | None = None,
        shrinkage: float = 0.3,
    ) -> Output:
        """How many agents each hour of the week takes to keep a promise, on the channels where customers wait in line.

        ``promise``, ``within_seconds``, ``patience_minutes`` and ``shrinkage`` as ``cs.desk.agents_needed`` takes them.
        """
        from carestudy.desk.staffing import channels_there, staffing
        from carestudy.show.desk import staffing as shown

        def draw() -> Output:
            care, reader = self.asked.care, self.asked.reader
            care.table("contacts", "opened_at", *(["channel"] if channel else []))
            try:
                frame = staffing(
                    care, period=self.asked.period, handling_minutes=handling_minutes, channel=channel,
                    promise=promise, within_seconds=within_seconds, patience_minutes=patience_minutes,
                    shrinkage=shrinkage,
                )  # fmt: skip
            except Missing:
                raise
            except CareError:  # no day of the period has a contact
                return gaps.nothing(reader, label)
            if not frame["value"].sum():
                return gaps.nothing(reader, label)
            return _with(shown(reader, frame), _given(self.asked, channels_there(care, channel) if channel else []))

        label = self.asked.reader.t("Agents needed")
        return self._tried(label, draw)

    def caseloads(self) -> Output:
        """How many customers an owner and how many contacts an agent has to look after; nobody is named."""
        from carestudy.people import caseloads, load
        from carestudy.show.owners import load as shown

        def draw() -> Output:
            care, period = self.asked.care, self.asked.period
            return shown(self.asked.reader, caseloads(care, period=period), load(care, period=period))

        return self._tried(self.asked.reader.t("Load per person"), draw)

    def _tried(self, label: str, draw: Callable[[], Output]) -> Output:
        """What is drawn, or the box that says what is missing for it."""
        try:
            return draw()
        except Missing as gap:
            return self.asked.missing(gap, label)

    def _noted(self, output: Output) -> Output:
        """The page with what its opening hours rest on."""
        if not self.assumed:
            return output
        text = "; ".join(f"{_days(self.asked, days)} {', '.join(shifts)}" for days, shifts in self.assumed.items())
        note = self.asked.reader.t(
            "Opening hours are assumed, as care.toml does not state them: {hours}.", hours=labels.clean(text)
        )
        return _with(output, note)


def _with(output: Output, note: str) -> Output:
    return replace(output, html=output.html + NOTE.format(note), text=f"{output.text}\n{note}")


def _given(asked: Asked, channels: Sequence[str]) -> str:
    """Which contacts are counted, and that the data do not tell how long one takes."""
    t = asked.reader.t
    known = t("Handling time and target are assumptions of this report, not in the data.")
    if not channels:
        return known
    listed = ", ".join(labels.group(asked.reader, "channel", name) for name in channels)
    return t("Only contacts by {channels} count.", channels=listed) + " " + known


def _days(asked: Asked, written: str) -> str:
    """A weekday or a span of them in the reader's words."""
    from carestudy.show.desk import weekday

    return "–".join(weekday(asked.reader, day.strip(), "EEE") for day in written.split("-"))
