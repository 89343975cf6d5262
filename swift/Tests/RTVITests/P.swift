import RTVI
