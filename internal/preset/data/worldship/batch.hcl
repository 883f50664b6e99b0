# One row per label. A void label is listed twice: as printed, and as void.
find = { source_order_number = trim(row["Reference 1"], "=\"'# ") }

shipped {
  # Another word than these is not guessed: it holds the order back.
  voided          = { "" = false, "n" = false, "no" = false, "false" = false, "0" = false, "y" = true, "yes" = true, "true" = true, "1" = true, "v" = true, "void" = true, "voided" = true }[lower(try(row["Void Indicator"], ""))]
  # The reference has any name where find is set: a parcel without one is not of an order.
  where           = try(row["Reference 1"], "-") != "" && row["Lead Tracking Number"] != ""
  tracking_number = trim(row["Lead Tracking Number"], "=\"' ")
  carrier         = "UPS"
  shipped_at      = parse_time(["%Y%m%d%H%M%S", "%Y%m%d %H%M%S", "%Y-%m-%d %H:%M:%S", "%Y%m%d"], try(row["ShipmentProcess Timestamp"], ""))
}
