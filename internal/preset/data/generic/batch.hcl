# One row per item or parcel.
find = { source_order_number = trim(row["order number"], "=\"'# ") }

shipped {
  # A row without a number is not a parcel, or has not left yet. A parcel without an order is held.
  where           = row["order number"] != "" ? row["tracking number"] != "" : can(regex("[0-9]{6}", row["tracking number"]))
  # What a column of void labels says otherwise is not guessed: it holds the order back.
  voided          = { "" = false, "n" = false, "no" = false, "nein" = false, "non" = false, "nee" = false, "não" = false, "nie" = false, "false" = false, "0" = false, "y" = true, "yes" = true, "ja" = true, "oui" = true, "si" = true, "sí" = true, "sì" = true, "sim" = true, "tak" = true, "true" = true, "1" = true, "v" = true, "x" = true, "void" = true, "voided" = true }[lower(try(row["voided"], ""))] || can(regex("refund|void|cancel|storn|annul|anul", lower(join(" ", [try(row["status"], ""), try(row["label status"], ""), try(row["shipment status"], ""), try(row["tracking status"], "")]))))
  tracking_number = trim(row["tracking number"], "=\"' ")
  carrier         = carrier(trimspace(try(row["carrier"], "")) != "" ? try(row["carrier"], "") : try(row["carrier code"], ""))
  # 02/03/2026 is a day in February or in March: it is not guessed.
  shipped_at      = parse_time(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S %Z", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d-%b-%Y %H:%M:%S", "%d %b %Y %H:%M", "%b %d, %Y %I:%M %p", "%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d.%m.%y", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%b-%d-%Y"], try(row["ship date"], ""))
}
