"""The office's own records: exemptions (vrijstelling) and non-enrolment (absoluut verzuim)."""
