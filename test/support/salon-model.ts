import { completion, type Reply } from './fake-engine.js';
import { messageIn } from './oracle.js';

/** A model that knows the salon of the examples: it answers each of the four tasks in its shape. */
export const salonModel: Reply = (response, request) => {
  const format = request.body.response_format as { json_schema?: { name?: string } } | undefined;
  const said = messageIn(request);
  return completion(JSON.stringify(answerTo(format?.json_schema?.name, said)))(response, request);
};

function answerTo(task: string | undefined, said: string): object {
  if (task === 'intent') return { intent: intentOf(said), entities: [] };
  if (task === 'improve') return { text: `${said} 😊` };
  if (task === 'validate') {
    return { valid: false, reason: 'Это не дата.', suggestion: 'Напишите, например: 2026-05-01 15:00' };
  }
  return {
    items: [
      { text: '💆 Массаж лица', description: 'Расслабляющий массаж' },
      { text: '🧖 Уход за кожей', description: 'Профессиональная чистка' },
    ],
  };
}

function intentOf(said: string): string {
  if (said.includes('записаться')) return 'book_service';
  if (said.includes('отмен')) return 'cancel_booking';
  return said.includes('услуг') ? 'get_info' : 'help';
}
