order "empty" {
  find   = {} # ERROR: Invalid find
  status = "shipped"
}
order "null" {
  find   = null # ERROR: Invalid find
  status = "shipped"
}
order "text" {
  find   = "112-1" # ERROR: Invalid find
  status = "shipped"
}
order "odd-key" {
  find   = { number = "112-1" } # ERROR: Invalid find
  status = "shipped"
}
order "blank" {
  find   = { id = " " } # ERROR: Invalid find
  status = "shipped"
}
order "source-alone" {
  find   = { source = "Amazon" } # ERROR: Invalid find
  status = "shipped"
}
order "two-ways" {
  find   = { id = "x", order_number = "O1" } # ERROR: Invalid find
  status = "shipped"
}
order "list" {
  find   = { id = ["x"] } # ERROR: Invalid find
  status = "shipped"
}
order "key-is-a-number" {
  find   = { 1 = "x" } # ERROR: Invalid find
  status = "shipped"
}
order "" { # ERROR: The order is not named
  status = "shipped"
}
