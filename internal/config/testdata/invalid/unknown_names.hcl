ordr "a" { # ERROR: Unsupported block type
  status = "shipped"
}
orders = [] # ERROR: Unsupported argument
order "b" {
  status    = "shipped"
  trackings = "1Z" # ERROR: Unsupported argument
  items {          # ERROR: Unsupported block type
  }
}
order { # ERROR: Missing label for order
  status = "shipped"
}
order "c" "d" { # ERROR: Extraneous label for order
  status = "shipped"
}
gdfctl {
  state = "x" # ERROR: Unsupported argument
}
account "main" {
  end_point = "sandbox" # ERROR: Unsupported argument
  rate_limit {
    rps = 2 # ERROR: Unsupported argument
  }
}
variable "v" {
  default = "x"
  value   = "y" # ERROR: Unsupported argument
}
policy {
  max_change = 1 # ERROR: Unsupported argument
  rule "r" {
    condition = true
    message   = "m"
    mesage    = "m" # ERROR: Unsupported argument
  }
}
batch "b" {
  rows   = []
  find   = { id = row.id }
  status = "shipped"
  wehre  = true # ERROR: Unsupported argument
}
release "r" {
  reason = "settled"
  why    = "x" # ERROR: Unsupported argument
}
