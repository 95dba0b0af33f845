#ifndef C_MAIL_H
#define C_MAIL_H
#endif
