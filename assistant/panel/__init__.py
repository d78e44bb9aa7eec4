"""Panel data: what each place's reports say of an indicator, year by year, as goal and as result, each cell with its sentence."""
