gdfctl {}
gdfctl {} # ERROR: Duplicate gdfctl block
policy {}
policy {} # ERROR: Duplicate policy block
order "a" {
  status = "shipped"
}
order "a" { # ERROR: Duplicate order "a"
  status = "shipped"
}
batch "a" {
  rows   = []
  find   = { id = row.id }
  status = "shipped"
}
batch "a" { # ERROR: Duplicate batch "a"
  rows   = []
  find   = { id = row.id }
  status = "shipped"
}
release "a2" {
  reason = "settled"
}
release "a2" { # ERROR: Duplicate release "a2"
  reason = "settled"
}
variable "v" { default = 1 }
variable "v" { default = 1 } # ERROR: Duplicate variable "v"
locals {
  x = 1
}
locals {
  x = 2 # ERROR: Duplicate local "x"
}
account "main" {
  endpoint = "sandbox"
  default  = true
  rate_limit { burst = 10 }
  rate_limit { burst = 20 } # ERROR: Duplicate rate_limit block
}
account "main" { # ERROR: Duplicate account "main"
  endpoint = "sandbox"
}
