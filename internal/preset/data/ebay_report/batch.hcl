# One row per item. The footer, and orders that have not left yet, have no tracking number.
group = row["Order Number"]
find  = { source_order_number = trim(row["Order Number"], "=\"' ") }

shipped {
  where           = row["Order Number"] != "" ? row["Tracking Number"] != "" && can(regex("^[^ ]*[0-9][^ ]*$", row["Order Number"])) : can(regex("[0-9]{6}", row["Tracking Number"]))
  tracking_number = trim(row["Tracking Number"], "=\"' ")
  shipped_at      = parse_time(["%b-%d-%y", "%d-%b-%y", "%b-%d-%Y", "%d-%b-%Y", "%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d %b %Y", "%b %d, %Y"], row["Shipped On Date"])
}
