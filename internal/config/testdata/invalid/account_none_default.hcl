account "a" {
  endpoint = "sandbox"
}
account "b" {
  endpoint = "sandbox"
}
order "o" { # ERROR: Which account?
  status = "shipped"
}
batch "b" { # ERROR: Which account?
  rows   = []
  find   = { id = row.id }
  status = "shipped"
}
release "r" { # ERROR: Which account?
  reason = "settled"
}
