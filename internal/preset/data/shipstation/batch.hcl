# One row per item of an order. Shops write their numbers as #1001.
group = row["Order - Number"]
find  = { source_order_number = trim(row["Order - Number"], "=\"'# ") }

shipped {
  # An order without number and date has not left yet. A parcel without an order is held.
  where           = row["Order - Number"] != "" ? row["Shipment - Tracking Number"] != "" || try(row["Date - Shipped Date"], "") != "" : can(regex("[0-9]{6}", row["Shipment - Tracking Number"]))
  # Another word than these is not guessed: it holds the order back.
  voided          = { "" = false, "n" = false, "no" = false, "false" = false, "0" = false, "y" = true, "yes" = true, "true" = true, "1" = true, "v" = true, "void" = true, "voided" = true }[lower(try(row["Shipment - Voided"], ""))]
  tracking_number = trim(row["Shipment - Tracking Number"], "=\"' ")
  carrier         = carrier(try(row["Shipment - Carrier"], ""))
  shipped_at      = parse_time(["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%m/%d/%y %H:%M", "%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%d.%m.%Y"], try(row["Date - Shipped Date"], ""))
}
