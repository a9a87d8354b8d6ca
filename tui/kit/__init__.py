"""Parts that several screens use: lists, sheets, forms, pickers, help and palette."""
