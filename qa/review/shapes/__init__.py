"""What `/api` says: typed shapes, made from the store's and the model's values, for the OpenAPI document.

`calls`: calls, scorecards, what leads decide. `people`: disagreements, coaching, goals, the audit log.
`calibration`: blind sets. `figures`: the numbers of reports, of the team and of trust.
"""
