# One row per item. With carrier-code Other, the carrier is in carrier-name.
group = row["order-id"]
find  = { source_order_number = trim(row["order-id"], "=\"' ") }

shipped {
  where           = row["order-id"] != "" || can(regex("[0-9]{6}", row["tracking-number"]))
  tracking_number = trim(row["tracking-number"], "=\"' ")
  carrier         = carrier(contains(["", "other", "others"], lower(row["carrier-code"])) ? try(row["carrier-name"], row["carrier-code"]) : row["carrier-code"])
  shipped_at      = parse_time(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%d.%m.%Y"], row["ship-date"])
}
