package io.vitrine.net.uwsgi;

/** One variable of a packet; each character of its name and value is one byte of the packet. */
record Variable(String name, String value) {}
