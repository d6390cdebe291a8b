"""What is to come: counts of the next days or weeks, with intervals that earlier forecasts kept."""

from carestudy.forecasts.ahead_of import Forecast, forecast

__all__ = ["Forecast", "forecast"]
