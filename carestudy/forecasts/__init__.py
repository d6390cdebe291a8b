"""What is to come: counts of the next days or weeks, with intervals that earlier forecasts kept, and who is needed."""

from carestudy.forecasts.ahead_of import Forecast, forecast
from carestudy.forecasts.rosters import roster

__all__ = ["Forecast", "forecast", "roster"]
