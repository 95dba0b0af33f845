import CMail
