"""Controllers, offices, branches, staff, and the facts that give staff a role."""
