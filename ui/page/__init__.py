"""What the pages of the web interface share: the service's client, the words, the charts."""
