policy {
  severity = { SHIP01 = "error", SHIP08 = "off" } # ERROR: The severity of "SHIP01" can't be set # ERROR: Unknown severity of SHIP08
}
