#include "CMail.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct cmail {
    CURL *curl;
    struct curl_slist *recipients;
    int *replies;
    size_t recipient_count;

    const char *bytes;
    size_t left;

    bool (*is_cancelled)(const void *);
    const void *context;

    // Which recipient's answer comes next, by the order of the RCPT commands.
    size_t asked;
    cmail_stage stage;
    cmail_outcome outcome;
};

static void start_library(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

cmail *cmail_make(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_library);
    cmail *mail = calloc(1, sizeof *mail);
    if (!mail) return NULL;
    mail->curl = curl_easy_init();
    if (!mail->curl) {
        free(mail);
        return NULL;
    }
    // No signals (many threads), no proxy from the environment, and no protocol but this.
    curl_easy_setopt(mail->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(mail->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(mail->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(mail->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    return mail;
}

void cmail_free(cmail *mail) {
    if (!mail) return;
    curl_easy_cleanup(mail->curl);
    curl_slist_free_all(mail->recipients);
    free(mail->replies);
    free(mail);
}

bool cmail_set(cmail *mail, cmail_text what, const char *value) {
    CURLoption option;
    switch (what) {
    case CMAIL_URL: option = CURLOPT_URL; break;
    case CMAIL_USER: option = CURLOPT_USERNAME; break;
    case CMAIL_PASSWORD: option = CURLOPT_PASSWORD; break;
    case CMAIL_FROM: option = CURLOPT_MAIL_FROM; break;
    case CMAIL_CA_FILE:
        // Instead of the system's authorities, not beside them.
        if (curl_easy_setopt(mail->curl, CURLOPT_CAPATH, (char *)NULL) != CURLE_OK) return false;
        option = CURLOPT_CAINFO;
        break;
    default: return false;
    }
    return curl_easy_setopt(mail->curl, option, value) == CURLE_OK;
}

bool cmail_require_start_tls(cmail *mail) {
    return curl_easy_setopt(mail->curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL) == CURLE_OK;
}

bool cmail_set_timeout(cmail *mail, long milliseconds) {
    return curl_easy_setopt(mail->curl, CURLOPT_TIMEOUT_MS, milliseconds) == CURLE_OK
        && curl_easy_setopt(mail->curl, CURLOPT_CONNECTTIMEOUT_MS, milliseconds) == CURLE_OK;
}

bool cmail_add_recipient(cmail *mail, const char *address) {
    struct curl_slist *list = curl_slist_append(mail->recipients, address);
    if (!list) return false;
    mail->recipients = list;
    int *replies = realloc(mail->replies, (mail->recipient_count + 1) * sizeof *replies);
    if (!replies) return false;
    mail->replies = replies;
    mail->replies[mail->recipient_count++] = 0;
    return true;
}

int cmail_recipient_reply(const cmail *mail, size_t recipient) {
    return recipient < mail->recipient_count ? mail->replies[recipient] : 0;
}

static size_t give(char *buffer, size_t size, size_t items, void *pointer) {
    cmail *mail = pointer;
    size_t room = size * items;
    size_t count = room < mail->left ? room : mail->left;
    memcpy(buffer, mail->bytes, count);
    mail->bytes += count;
    mail->left -= count;
    return count;
}

static int progress(void *pointer, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    (void)a, (void)b, (void)c, (void)d;
    cmail *mail = pointer;
    return mail->is_cancelled && mail->is_cancelled(mail->context) ? 1 : 0;
}

static bool begins(const char *data, size_t size, const char *word) {
    size_t length = strlen(word);
    return size >= length && memcmp(data, word, length) == 0;
}

static void note_command(cmail *mail, const char *data, size_t size) {
    if (begins(data, size, "EHLO") || begins(data, size, "HELO") || begins(data, size, "STARTTLS")) {
        mail->stage = CMAIL_GREETED;
    } else if (begins(data, size, "AUTH")) {
        mail->stage = CMAIL_SIGNING_IN;
    } else if (begins(data, size, "MAIL FROM")) {
        mail->stage = CMAIL_SENDER;
    } else if (begins(data, size, "RCPT TO")) {
        mail->stage = CMAIL_RECIPIENTS;
    } else if (begins(data, size, "DATA")) {
        mail->stage = CMAIL_CONTENT;
    }
    // Of other lines (the rounds of AUTH, QUIT) nothing is kept.
}

static void note_reply(cmail *mail, const char *data, size_t size) {
    if (size < 4 || data[0] < '2' || data[0] > '5') return;
    int code = 0;
    for (int index = 0; index < 3; index++) {
        if (data[index] < '0' || data[index] > '9') return;
        code = code * 10 + (data[index] - '0');
    }
    // A line of several; the last one counts.
    if (data[3] == '-') return;
    if (mail->stage == CMAIL_RECIPIENTS && mail->asked < mail->recipient_count) {
        mail->replies[mail->asked++] = code;
    }
    if (code < 400) return;
    mail->outcome.reply_code = code;
    size_t length = 0;
    for (size_t index = 0; index < size && length + 1 < sizeof mail->outcome.reply; index++) {
        if (data[index] == '\r' || data[index] == '\n') break;
        mail->outcome.reply[length++] = data[index];
    }
    mail->outcome.reply[length] = '\0';
}

static int listen_in(CURL *curl, curl_infotype type, char *data, size_t size, void *pointer) {
    (void)curl;
    cmail *mail = pointer;
    if (type == CURLINFO_HEADER_OUT) note_command(mail, data, size);
    if (type == CURLINFO_HEADER_IN) note_reply(mail, data, size);
    return 0;
}

static cmail_result result_of(CURLcode code, const cmail *mail) {
    switch (code) {
    case CURLE_OK: return CMAIL_SENT;
    case CURLE_ABORTED_BY_CALLBACK: return CMAIL_CANCELLED;
    case CURLE_COULDNT_RESOLVE_HOST: return CMAIL_HOST_UNKNOWN;
    case CURLE_COULDNT_CONNECT: return CMAIL_UNREACHABLE;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM: return CMAIL_UNTRUSTED;
    case CURLE_SSL_CACERT_BADFILE: return CMAIL_CA_FILE_UNUSABLE;
    case CURLE_USE_SSL_FAILED: return CMAIL_NO_ENCRYPTION;
    case CURLE_LOGIN_DENIED: return CMAIL_SIGN_IN_REFUSED;
    case CURLE_OPERATION_TIMEDOUT: return CMAIL_TIMED_OUT;
    default: break;
    }
    if (mail->outcome.reply_code >= 400) {
        return mail->stage == CMAIL_SIGNING_IN ? CMAIL_SIGN_IN_REFUSED : CMAIL_REFUSED;
    }
    switch (code) {
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_WEIRD_SERVER_REPLY: return CMAIL_LOST;
    default: return CMAIL_OTHER;
    }
}

cmail_outcome cmail_send(
    cmail *mail, const char *bytes, size_t count, bool (*is_cancelled)(const void *context), const void *context) {
    char detail[CURL_ERROR_SIZE] = "";
    CURL *curl = mail->curl;
    mail->bytes = bytes;
    mail->left = count;
    mail->is_cancelled = is_cancelled;
    mail->context = context;
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, mail->recipients);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)count);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, mail);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, mail);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail);
    // Listening in is how the server's own words are known. Nothing of it is written anywhere.
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, listen_in);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, mail);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, (char *)NULL);
    mail->outcome.result = result_of(code, mail);
    mail->outcome.stage = mail->stage;
    if (code != CURLE_OK) {
        const char *words = detail[0] ? detail : curl_easy_strerror(code);
        strncpy(mail->outcome.detail, words, sizeof mail->outcome.detail - 1);
    }
    return mail->outcome;
}
