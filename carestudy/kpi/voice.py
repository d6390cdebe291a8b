"""The voice of the customer: what they answer when asked."""

from carestudy.engine import days
from carestudy.measure.fractions import Fraction
from carestudy.measure.kinds.ratio import ratio
from carestudy.measure.options import Days, Score
from carestudy.measure.premises import Recorded
from carestudy.measure.rows import Rows

EASY = {5: 4, 7: 5}  # the lowest easy answer on a scale that ends there


@ratio(label="CSAT")
def csat(responses: Rows, *, positive: Score = 4) -> Fraction:
    """Customer satisfaction: positive ratings among all ratings given, on a scale of 1 to 5 where 4 and 5 are positive.

    A neutral 3 counts as given and not as positive; who did not answer counts in neither. ``positive`` is the lowest
    positive rating. Share, 0 to 1; Wilson interval, answers of one customer counting as alike as they are.

    >>> import pandas as pd
    >>> answers = pd.DataFrame({"question": "csat", "score": [5, 4, 3, 1, None]})
    >>> csat(answers)[["value", "numerator", "denominator"]]
       value  numerator  denominator
    0    0.5          2            4
    """
    answered = (responses.question == "csat") & responses.score.notnull()
    return Fraction(answered & (responses.score >= positive), answered)


@ratio(label="Mean score, {question}", unit="score")
def mean_score(responses: Rows, *, question: str) -> Fraction:
    """Mean of all scores given to a question, on the scale on which it was asked.

    ``question`` is the name of the question in the data, such as "csat", and must be given: a mean over questions
    with different scales says nothing. Who did not answer counts in neither. The share of satisfied customers is
    easier to act on, and a mean hides who is not. Numerator are thousandths; Student's interval over customers, and
    none where all scores are alike.

    >>> import pandas as pd
    >>> answers = pd.DataFrame({"question": "csat", "score": [5, 4, 3, 1, None]})
    >>> mean_score(answers, question="csat")[["value", "numerator", "denominator"]]
       value  numerator  denominator
    0   3.25      13000            4
    """
    answered = (responses.question == question) & responses.score.notnull()
    return Fraction(answered.ifelse((responses.score * 1000).round(), 0), answered)


@ratio(label="NPS", unit="points")
def nps(responses: Rows) -> Fraction:
    """Net promoter score: promoters (9 and 10) less detractors (0 to 6) per 100 who answered, from -100 to 100.

    Passives (7 and 8) count only among those who answered. Points; adjusted Wald interval (Rocks 2016).

    >>> import pandas as pd
    >>> answers = pd.DataFrame({"question": "nps", "score": [10, 9, 8, 6, None]})
    >>> nps(answers)[["value", "numerator", "denominator"]]
       value  numerator  denominator
    0   25.0          1            4
    """
    answered = (responses.question == "nps") & responses.score.notnull()
    promoter, detractor = answered & (responses.score >= 9), answered & (responses.score <= 6)
    return Fraction(promoter.ifelse(1, 0) - detractor.ifelse(1, 0), answered)


@ratio(label="Ease of getting help (CES)")
def ces(responses: Rows, *, easy: Score | None = None) -> Fraction:
    """Customer effort: easy answers (5 to 7 on a scale of 1 to 7, 4 and 5 on one of 1 to 5) among all answers given.

    The scale is ``ces_scale`` in care.toml; without it, it ends at 5 where none of ten or more answers is above 5, and
    at 7 else. ``easy`` is the lowest easy answer where it is another one. Of a scale whose high end is *much effort*
    turn the scores round before loading. Who did not answer counts in neither. Share, 0 to 1; Wilson interval.
    """
    answered = (responses.question == "ces") & responses.score.notnull()
    lowest = EASY[responses.ces_scale] if easy is None else easy
    return Fraction(answered & (responses.score >= lowest), answered)


@ratio(label="Survey response rate", premises=(Recorded("invitations", "response_id"),))
def response_rate(invitations: Rows, *, wait: Days = 7) -> Fraction:
    """Share of survey invitations that were answered, among those sent at least 7 days before the data end.

    ``wait`` is how many days an invited customer has; later invitations count in neither. Share, 0 to 1.
    """
    over = invitations.invited_at + days(wait) <= invitations.as_of
    return Fraction(over & invitations.response_id.notnull(), over)
