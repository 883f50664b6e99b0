# OrderId is Linnworks' own number where the export also has the marketplace's.
find = { source_order_number = trim(row["Reference Number"], "=\"'# ") }

shipped {
  where           = row["Reference Number"] != "" ? row["Tracking Number"] != "" || try(row["Processed Date"], "") != "" : can(regex("[0-9]{6}", row["Tracking Number"]))
  tracking_number = trim(row["Tracking Number"], "=\"' ")
  carrier         = carrier(row["Shipping Service"])
  # Days and months in numbers differ by country, and none is guessed.
  shipped_at      = parse_time(["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d-%b-%Y %H:%M:%S", "%d %b %Y %H:%M:%S", "%d %b %Y %H:%M", "%Y-%m-%d", "%d.%m.%Y", "%d-%b-%Y", "%d %b %Y"], try(row["Processed Date"], ""))
}

acknowledged {
  order_number = trim(row["OrderId"], "=\"' ")
}
