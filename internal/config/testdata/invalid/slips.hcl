# What was meant by a mistyped argument is not missing as well.
account "a" {
}
account "b" {
}
order "status" {
  account = "a"
  statsu  = "shipped" # ERROR: Unsupported argument
}
order "account" {
  acount = "a" # ERROR: Unsupported argument
  status = "shipped"
}
order "both" { # ERROR: Missing status
  account = "a"
  carier  = "UPS" # ERROR: Unsupported argument
}
batch "b" {
  acount  = "a" # ERROR: Unsupported argument
  row     = [{ id = "1" }] # ERROR: Unsupported argument
  fnd     = { id = row.id } # ERROR: Unsupported argument
  statuss = "shipped" # ERROR: Unsupported argument
}
batch "none" { # ERROR: Missing find # ERROR: Missing status # ERROR: Missing account # ERROR: Missing required argument
}
release "1" {
  account = "a"
  reasons = "settled" # ERROR: Unsupported argument
}
policy {
  rule "r" {
    conditions = true # ERROR: Unsupported argument
    message    = "m"
  }
}
