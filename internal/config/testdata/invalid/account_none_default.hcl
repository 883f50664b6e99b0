account "a" {
  endpoint = "sandbox"
}
account "b" {
  endpoint = "sandbox"
}
order "o" { # ERROR: Missing account
  status = "shipped"
}
batch "b" { # ERROR: Missing account
  rows   = []
  find   = { id = row.id }
  status = "shipped"
}
release "r" { # ERROR: Missing account
  reason = "settled"
}
