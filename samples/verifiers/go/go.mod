module linkmint

go 1.19
