"""`qa rescore`: score what is stored again, without listening again."""
