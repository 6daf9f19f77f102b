-- A delivery may be of any format that has a reader. What there is is said in one place, the code;
-- here a word says of what kind the delivery is and in which format, so that a new format needs no
-- migration.

alter table import_receipt drop constraint import_receipt_kind_check;
alter table import_receipt add constraint import_receipt_kind_check
    check (kind ~ '^(roster|attendance|transfer)_[a-z0-9]{1,30}$');
