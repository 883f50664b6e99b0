# One row per label. The export does not name the store.
find = { source_order_number = trim(row["Order ID"], "=\"'# ") }

shipped {
  where           = row["Order ID"] != "" && row["Tracking Number"] != ""
  # A label whose refund was refused is valid. What is said otherwise of a refund is not guessed: it holds the order back.
  voided          = can(regex("refund|void|cancel", lower(try(row["Status"], "")))) ? { "void" = true, "voided" = true, "label void" = true, "label voided" = true, "void label" = true, "voided label" = true, "void requested" = true, "refund" = true, "refunded" = true, "refund requested" = true, "refund pending" = true, "pending refund" = true, "refund approved" = true, "refund issued" = true, "refund submitted" = true, "refund processing" = true, "cancelled" = true, "canceled" = true, "label cancelled" = true, "label canceled" = true, "shipment cancelled" = true, "shipment canceled" = true, "refund denied" = false, "refund declined" = false, "refund rejected" = false, "refund failed" = false, "not refunded" = false, "not voided" = false, "not cancelled" = false, "not canceled" = false }[lower(trimspace(try(row["Status"], "")))] : false
  tracking_number = trim(row["Tracking Number"], "=\"' ")
  carrier         = carrier(row["Carrier"])
  shipped_at      = parse_time(["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%b %d, %Y", "%B %d, %Y", "%A, %B %d, %Y", "%a, %b %d, %Y", "%d.%m.%Y"], row["Ship Date"])
}
