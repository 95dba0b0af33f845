#ifndef C_MAIL_H
#define C_MAIL_H

#include <stdbool.h>
#include <stddef.h>

// One exchange with an SMTP server, by libcurl. This exists because curl_easy_setopt takes any number of arguments of any
// type, which Swift cannot call.

typedef struct cmail cmail;

typedef enum cmail_text {
    CMAIL_URL,       // smtp://host:port/our-name or smtps://…
    CMAIL_USER,
    CMAIL_PASSWORD,
    CMAIL_FROM,      // the envelope's sender, in angle brackets
    CMAIL_CA_FILE,   // trusted instead of the system's authorities
} cmail_text;

// How far the exchange came, so that a lost connection can be explained.
typedef enum cmail_stage {
    CMAIL_CONNECTING,
    CMAIL_GREETED,
    CMAIL_SIGNING_IN,
    CMAIL_SENDER,
    CMAIL_RECIPIENTS,
    CMAIL_CONTENT,
} cmail_stage;

typedef enum cmail_result {
    CMAIL_SENT,
    CMAIL_CANCELLED,
    CMAIL_HOST_UNKNOWN,
    CMAIL_UNREACHABLE,
    CMAIL_UNTRUSTED,
    CMAIL_NO_ENCRYPTION,
    CMAIL_CA_FILE_UNUSABLE,
    CMAIL_SIGN_IN_REFUSED,
    CMAIL_REFUSED,
    CMAIL_TIMED_OUT,
    CMAIL_LOST,
    CMAIL_OTHER,
} cmail_result;

typedef struct cmail_outcome {
    cmail_result result;
    cmail_stage stage;
    // The last reply that said no (4xx or 5xx); 0 when there was none.
    int reply_code;
    char reply[512];
    // libcurl's words for what went wrong; empty when nothing did.
    char detail[256];
} cmail_outcome;

// NULL when there is no memory. Owns what it is given until cmail_free.
cmail *cmail_make(void);
void cmail_free(cmail *mail);

bool cmail_set(cmail *mail, cmail_text what, const char *value);
// Encrypts after connecting (STARTTLS), or fails before anything else is said.
bool cmail_require_start_tls(cmail *mail);
bool cmail_set_timeout(cmail *mail, long milliseconds);
// In angle brackets. Recipients keep the order in which they are added.
bool cmail_add_recipient(cmail *mail, const char *address);

// Sends, on the calling thread. The server is asked for each recipient; those it takes get the message even when it refuses
// others. `is_cancelled` is asked about once a second and whenever something crosses.
cmail_outcome cmail_send(
    cmail *mail, const char *bytes, size_t count, bool (*is_cancelled)(const void *context), const void *context);

// After cmail_send: the reply code for a recipient, 0 when the server was not asked or did not answer.
int cmail_recipient_reply(const cmail *mail, size_t recipient);

#endif
