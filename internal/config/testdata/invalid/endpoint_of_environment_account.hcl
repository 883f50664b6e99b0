# ENV GDF_ENDPOINT=http://api.godatafeed.com
account "main" { # ERROR: Invalid endpoint in GDF_ENDPOINT
}
