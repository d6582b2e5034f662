package io.vitrine.net.uwsgi;

/** A variable of a packet; each character of name and value is one byte. */
record Variable(String name, String value) {}
