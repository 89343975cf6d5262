find_package(rtvi 0.1 REQUIRED)
target_link_libraries(app PRIVATE rtvi::rtvi)
