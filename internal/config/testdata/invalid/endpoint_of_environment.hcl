# ENV GDF_ENDPOINT=http://user:canary@api.godatafeed.com
# ERROR at nowhere: Invalid endpoint in GDF_ENDPOINT
order "o" {
  status = "shipped"
}
