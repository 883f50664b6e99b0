order "b" {
  status = "shipped"
  status = "cancelled" # ERROR: Attribute redefined
}
