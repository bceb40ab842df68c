import type { Label, SolvedExample } from './cases.js';

/** The bot of our own set: a salon with a small shop, the kind that messengers are full of. */
export const OWN_LABELS: readonly Label[] = [
  {
    name: 'book_service',
    description: 'wants a new appointment',
    word: 'book',
    keywords: ['запис', 'запиш', 'окошк', 'book', 'appointment', 'slot', 'sign up'],
  },
  {
    name: 'cancel_booking',
    description: 'will not come, calls an appointment off',
    word: 'cancel',
    keywords: ['отмен', 'не прид', 'аннулир', 'cancel', 'not coming', 'scrap'],
  },
  {
    name: 'reschedule_booking',
    description: 'wants another time for an appointment that exists',
    word: 'move',
    keywords: ['перенес', 'сдвин', 'поменя', 'reschedul', 'move my', 'push', 'instead'],
  },
  {
    name: 'check_booking',
    description: 'asks about an appointment that exists: when, with whom, is it confirmed',
    word: 'check',
    keywords: ['напомните', 'подтвержден', 'на какое время', 'remind me what', 'confirmed', 'am i'],
  },
  {
    name: 'get_price',
    description: 'asks what a service costs',
    word: 'price',
    keywords: ['сколько сто', 'цена', 'прайс', 'стоит', 'price', 'how much', 'cost'],
  },
  {
    name: 'opening_hours',
    description: 'asks when the place is open',
    word: 'hours',
    keywords: ['открыт', 'работаете', 'график', 'режим', 'open', 'hours', 'closed'],
  },
  {
    name: 'get_address',
    description: 'asks where the place is and how to get there',
    word: 'address',
    keywords: ['адрес', 'добраться', 'где вы', 'парковк', 'address', 'where are', 'park'],
  },
  {
    name: 'service_info',
    description: 'asks what a service is, how it is done, whether it is offered',
    word: 'about',
    keywords: ['что входит', 'делаете ли', 'процедур', 'больно', 'included', 'do you do', 'hurt'],
  },
  {
    name: 'staff_info',
    description: 'asks about the people who work there',
    word: 'staff',
    keywords: ['мастер', 'врач', 'доктор', 'опыт', 'stylist', 'doctor', 'your team'],
  },
  {
    name: 'payment_methods',
    description: 'asks how one can pay',
    word: 'payment',
    keywords: ['картой', 'оплат', 'наличн', 'рассрочк', 'pay', 'cash', 'card'],
  },
  {
    name: 'promo_discount',
    description: 'asks for discounts, promo codes, gift certificates, points',
    word: 'discount',
    keywords: ['скидк', 'акци', 'промокод', 'сертификат', 'discount', 'promo', 'certificate'],
  },
  {
    name: 'order_status',
    description: 'asks where an ordered thing is',
    word: 'delivery',
    keywords: ['заказ', 'посылк', 'курьер', 'доставк', 'order', 'parcel', 'delivery'],
  },
  {
    name: 'refund',
    description: 'wants money back or returns goods',
    word: 'refund',
    keywords: ['верните', 'возврат', 'вернуть', 'refund', 'money back', 'return'],
  },
  {
    name: 'complaint',
    description: 'is unhappy with the service',
    word: 'complaint',
    keywords: ['ужасн', 'жалоб', 'нахамил', 'позор', 'terrible', 'rude', 'worst'],
  },
  {
    name: 'talk_to_human',
    description: 'wants to talk to a person',
    word: 'human',
    keywords: ['оператор', 'человек', 'менеджер', 'администратор', 'human', 'person', 'manager'],
  },
];

/** One solved message a label, by turns Russian and English, and two that are out of scope. */
export const OWN_EXAMPLES: readonly SolvedExample[] = [
  { text: 'можно к вам на тонировку волос послезавтра?', label: 'book_service' },
  { text: 'forget about Tuesday, I will be out of town', label: 'cancel_booking' },
  { text: 'давайте не в полдень, а ближе к семи', label: 'reschedule_booking' },
  { text: 'did my reservation go through?', label: 'check_booking' },
  { text: 'почём ламинирование?', label: 'get_price' },
  { text: 'is it too late to drop by at 8pm?', label: 'opening_hours' },
  { text: 'в каком вы районе, рядом с вокзалом?', label: 'get_address' },
  { text: 'what exactly is a keratin treatment', label: 'service_info' },
  { text: 'а Жанна давно этим занимается?', label: 'staff_info' },
  { text: 'will my debit card be accepted', label: 'payment_methods' },
  { text: 'многодетным что-нибудь уступите?', label: 'promo_discount' },
  { text: 'the box with my conditioner never showed up', label: 'order_status' },
  { text: 'отдайте предоплату назад, визита не было', label: 'refund' },
  { text: 'my fringe is ruined and nobody even said sorry', label: 'complaint' },
  { text: 'робот, позови кого-нибудь из людей', label: 'talk_to_human' },
  { text: 'how do I boil an egg', label: 'unknown' },
  { text: 'кто написал «Войну и мир»', label: 'unknown' },
];
