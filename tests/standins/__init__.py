"""Stand-ins for payment providers: real HTTP in the providers' own words, with a ledger to compare ours with."""
