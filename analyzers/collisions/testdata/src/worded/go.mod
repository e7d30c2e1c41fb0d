module worded
