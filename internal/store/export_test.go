package store

// LedgerColumns gives the columns of each ledger that its entries vouch for.
func LedgerColumns() map[string][]string {
	all := map[string][]string{}
	for _, l := range ledgers {
		all[l.table] = append([]string{}, l.columns...)
	}
	return all
}
