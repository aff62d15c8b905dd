"""What people do on the desk, once for the pages and for `/api`: checked, kept, and noted in the audit log.

Who may do it at all is asked before (`qa.review.access`); whose call it is, by `qa.review.asking`. A deed
that makes no sense raises `HTTPException` 422, one that came too late `Conflict`.
"""
