#!/bin/sh
# A suite of lab 01. Its first test passes. The second one ends without a result, as by a panic in its
# own code.
echo 'test step1_listen::a ... ok'
echo 'it panicked'
exit 101
