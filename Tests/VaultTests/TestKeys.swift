/// Made for these tests with `openssl req -x509 -newkey rsa:2048 -nodes` and `openssl genrsa`; registered nowhere.
enum TestKeys {
    static let privateKey = """
        -----BEGIN PRIVATE KEY-----
        MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDLAbFRHSlTa6nW
        En/RCYHZ7PAGIdhJcnFmIrLY6wwRmK8HuJLSaMP2GcM7qFXphkoTF/wWXf9xFMZo
        /WU19CDrG0j3vBW1ch+FMjMgZdpIEQJVi+MRSE8F5OFllmQagd6K4Sw5KKUHClwZ
        VPnneVA3mU+h1IGZdac74N4Wufcno7NPmJAuqeTRVMksUYYCgKRRn1A5ZMu6vjTL
        iKQYjmQmnRt8po5Dnvn0cOd2GNdk3SD1RzTkOPTtPK1yIqLiibKuRiepTIMBTcqB
        NocNqGcmCwmljmCk3i2YS3IMqmXnS5dwWvcjZ/TVhGvv4C1ZvVsEF976p+GYOd2p
        DXaKIdddAgMBAAECggEAG509lEHR/Qe8aMMH8XSoXe9BwCfK7sS7QbAvIVwpvlwF
        VRjJmgcHvvqGqN8PXq52dY3x6836ARUZHy923MW6U5jYzmAemNmvCXSIaVwJevub
        VG0spE1weGYHtgSk1ck8LyqNlDHf7ur9F7IMM204WPPJFgOc5HXRW48NTsyZnuHC
        zd6YVlJeyaQLgMATkjhPonix7WOOnLYjZTQ5CC7jIG4IyBu6s0IqUxslXKexbdWj
        3WzUe5xSd0eTLJZHXIT3yuQyxNuVaDoZuDr275EjacQb36OBqjGmd5ao6Moqn3Rc
        5bnVrw8IwrUqigJAhZw30UsHeIsz6D/utgD4jy48UQKBgQDyz5vHrbwj5S/RQGJo
        E0Fjc9uDxix5pgFJE+jWPFYgzrM3v8KdEETycQRQiZuzjmgak32r6PnMxTVFVtd4
        DQadQxXKmBypLXcEZLoWNejFGojzKeTJnty2uouK3duuWM4l0+JFleYnaqN4iIq1
        fMCQT/J44Alf8vr++jSeCAtcTQKBgQDWCJZaVdkcSmsL/GaRcfXol0kCjoBG37aJ
        FK8GNjgur+ryL3Ck2eAEl0LLLdiMmgr706n2x86JMYpC/j246htM9dqPtP1jcwkb
        sPAMZ/QKhKXbel3R7fQtp2hCsHPyYs42i81Uqk+A6PBZnzyG76dIkU2WTW2Nr6yc
        ZJTB2LWvUQKBgQCpU7x4QKEuixqQm4zEtYDpIReZSq8jWnAVDUxXcpZBpMP4gcLv
        EzRxufzfSUeKrSnONsLyCrOBaJmgtFHox3SwYOMmeHOsSydvqerXqFqeccXFhZam
        QCH9UBQWEGetqwKAAMYP7twk6sn7OYU50TjcqtQWFW6UOfdtrwDYoBWEFQKBgDYU
        P2Ed1dinGPsTUBspzzdwmjryJIlD10w1lK+eHX32ZwfAYtbUUhz21yKdN9z2wxWz
        +nrnK1FQ2h1pPdEuHa3JZOrwkSGCnGeJwm1wCqJpt7qH5ZK4a/zpEpffG7y/qFjx
        4/Sjf6kTsj8C0/lILl1QkWkLsUWegJ+Xblq4VdexAoGBAKqvz2M8F2zg1tX5gR76
        IfHOsVEsyxbFjxRTZi6otxe3ytBDEO1uK4+r/Fp0kXV1P0pH0ETm34nUuFNaGJlo
        S9Mdya9Vhl92OfzLssCrX8JN/t3wkm6ddMlGH55lB4NWUrHy4QX3ddgn17OUKISm
        jxui5Vnhlmt0f6GXFrR+VDDG
        -----END PRIVATE KEY-----
        """

    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIDIzCCAgugAwIBAgIUVlr1YcYy67mIzYw3WVp6VLdw8igwDQYJKoZIhvcNAQEL
        BQAwIDEeMBwGA1UEAwwVTG9vcEJvb2tpbmcgU3luYyB0ZXN0MCAXDTI2MTEyMjIx
        MDYwNloYDzIxMjYxMDI5MjEwNjA2WjAgMR4wHAYDVQQDDBVMb29wQm9va2luZyBT
        eW5jIHRlc3QwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDLAbFRHSlT
        a6nWEn/RCYHZ7PAGIdhJcnFmIrLY6wwRmK8HuJLSaMP2GcM7qFXphkoTF/wWXf9x
        FMZo/WU19CDrG0j3vBW1ch+FMjMgZdpIEQJVi+MRSE8F5OFllmQagd6K4Sw5KKUH
        ClwZVPnneVA3mU+h1IGZdac74N4Wufcno7NPmJAuqeTRVMksUYYCgKRRn1A5ZMu6
        vjTLiKQYjmQmnRt8po5Dnvn0cOd2GNdk3SD1RzTkOPTtPK1yIqLiibKuRiepTIMB
        TcqBNocNqGcmCwmljmCk3i2YS3IMqmXnS5dwWvcjZ/TVhGvv4C1ZvVsEF976p+GY
        Od2pDXaKIdddAgMBAAGjUzBRMB0GA1UdDgQWBBS/HIZ6tu9uNe5RMkUC7fpnV7EN
        zzAfBgNVHSMEGDAWgBS/HIZ6tu9uNe5RMkUC7fpnV7ENzzAPBgNVHRMBAf8EBTAD
        AQH/MA0GCSqGSIb3DQEBCwUAA4IBAQAxc/E8jXji8mT4YYoB4grvRrOxIY8K/aZ1
        9Lu9AqPf1XqEgFE365HhctpCzdCbtEk4nbmoVvCY6CbVwfX5TEqWzTTvIJtJ2dhH
        DdBy5l0lPgq+Qon/gOkVUS30C4dbf7xi/rilOs8lVTgQ3gEH/22VkNUFOikMrLEC
        cDqm9Qjx1tkHjWymYnmbWR0L5PMVzMprOs03j60tCmFBqZYSAEYH6MBfLtfhuDh4
        O4FbICzY351Zo7j/pw932QpT0pTG6+ZIGf/lWJ25h0YT4GUlTYsCDyoRulwLgFRl
        sG5EZcA/FCY7z22I057r0Z8WJlnZYrAqTjZb7LUmLQarGthgW44V
        -----END CERTIFICATE-----
        """

    static let otherPrivateKey = """
        -----BEGIN PRIVATE KEY-----
        MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQC6eZLiyXyT378h
        Stwdlt5xXbY0dBeMlGe2XdLCAZexKeFay+EKqfIfcqX/7vN/9uvF4VsDvw0FdLcA
        epFVCNCWisnQcx+x6bhODozRFvLodfaB+Ym8AhZJWANmTtVVa61BJ4KtJEwiUU81
        6DtvmRkG/SNbXqh1GIE56EbZbQLc8DrRyfwc2GKGVg6MP4FSWBAgQ9sp+hPV6gvv
        zcGv/lQK3rf0b7L2cCsD5ACfVExUxPT+LEcNLosmQS5iWvJ89JynFwJj7W+yZCJR
        edgJoeHd0Jh5EUdZqPHkh8raZkOLah2sH082MlLTKYL0I4ZjpRq22ZZlN//4BEH0
        R7dCBANJAgMBAAECggEAJqc4NhfXYaydyQgkL+L7yYqID//neL2zcNcqbooXeEMK
        4kAELipzlKa2d6J/qW0UytAPhmuGBrU+kNQXR4Xb/PSYaEPQ1Fdy24VDFb1YzSxU
        lHUWIplZJsteawjYykvXXjvTJ9IwEOYDUhSJK3UT/cGfoFsy9pDFiqwV8ZBZ6VNs
        b8CbsloDlNzZJyjUGCGOh6xnRzfXU9qU4HaSCggp49ZdBIfyLyvc4nWFV9/QYvZI
        3ai1+bfjJwtrfaaSeaLWA//hxx6+pydmcFMNPOwsfs37zBHEt3RwQtDzjg+cwUDh
        JyEVPOBBjzz8UVX68e3+AJp3uaxOlh6QMyTXnulBjQKBgQD0ArzkLKGIDpi9Jj9z
        JWXg1cAJOJT0mJDUdEsum9YX/QUA34qn/IKTxWtjctOGHTQ+3nTKUN4CJHwU+sPY
        KYM2n2UPhfV1OkJE2Huo/379x1THfDrfsN0WLMednmDrEKcDvMe29AelbTRZgnOu
        FfXgkLb8o9gSuD27H80W3IXm7QKBgQDDoyDL63O322ykx/zzXXamddqr3D1YRPMG
        905sAJ27hioD1oFjZKnR03V03MSvfp7cv0ETBLV9C+qZdR6ZKSUczYTUUKvFKN2t
        vooP0IGbFE2DWydgAklkgtXpZyJiTgqMQrdGvLuEw7uIq2XTxeQbRl/NR1rcsNX/
        MQ/hdSQGTQKBgQCV+ezRreDmuFoGwDB1fIH+zEJJKJ7dK7yw6H2hOyU+/0QJAly9
        3YUAgHH94QDDyMVo8uADzep2lKgzWOHwxashcpzyCpsQn2tF121CNS9/mfmw1tl0
        zcdFruZOKZ9WO5j7whdaiuj8M3/emECzukmy6h+ebrIK53UBw40RxR8EDQKBgAlq
        Rl/J+w20H6xme4Py0Yz9SwLOXJ1s5A1HxZxpAy5NLKR2pE92Pr38YUC4hzay705M
        XgNeTKWx9x5fhpN0aXbTZTsajsm0R8bezqIoNLST648QyfpS4dlWepj6/6qfet55
        L3zWBGhFSzcumH3yniG5505nyrWoRQQ9BjihfJRZAoGBAKi+tePM1TZdt0ByHNLu
        AVZnztB1PutX4jG02nYf2AEqf2TcBXkjZSoxx+PrXZDVCl5Pq6i5+MllovXV/Xqs
        IfnOK03JR2HM/GT84F+BA8VZd+3r6DPgpFckil5bt9BmAw0/Bq7boqCFme/D0ObE
        9lmSIk4SzhjUWAu/K/8gRlQa
        -----END PRIVATE KEY-----
        """
}
