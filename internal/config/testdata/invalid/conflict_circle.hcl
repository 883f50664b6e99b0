order "a" {
  find     = { id = "x" }
  status   = "shipped"
  replaces = "order[\"b\"]"
}
order "b" {
  find            = { id = "x" }
  status          = "shipped"
  tracking_number = "1Z"
  replaces        = "order[\"c\"]"
}
order "c" { # ERROR: Two different wishes for one order
  find            = { id = "x" }
  status          = "shipped"
  tracking_number = "1Z2"
  replaces        = "order[\"a\"]"
}
