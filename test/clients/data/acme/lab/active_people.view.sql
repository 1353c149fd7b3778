SELECT id, name FROM lab.people WHERE active
