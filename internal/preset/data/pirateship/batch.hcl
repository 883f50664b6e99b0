# One row per label. The export does not name the store.
find = { source_order_number = trim(row["Order ID"], "=\"'# ") }

shipped {
  where           = row["Order ID"] != "" && row["Tracking Number"] != ""
  # A label whose refund was refused is valid.
  voided          = can(regex("refund|void|cancel", lower(try(row["Status"], "")))) && !can(regex("denied|declined|rejected|failed", lower(try(row["Status"], ""))))
  tracking_number = trim(row["Tracking Number"], "=\"' ")
  carrier         = carrier(row["Carrier"])
  shipped_at      = parse_time(["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%b %d, %Y", "%B %d, %Y", "%A, %B %d, %Y", "%a, %b %d, %Y", "%d.%m.%Y"], row["Ship Date"])
}
