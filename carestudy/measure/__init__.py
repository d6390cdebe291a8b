"""The engines behind the KPIs: ratios, stocks, totals and quantiles, their intervals and their comparison."""
