/** A reminder before duty, while this browser runs; nothing is sent through a push service. */

import type { NotificationService } from '../services.ts'

export class BrowserNotifications implements NotificationService {
  permission(): ReturnType<NotificationService['permission']> {
    return 'Notification' in window ? Notification.permission : 'unsupported'
  }

  async request(): Promise<boolean> {
    return 'Notification' in window && (await Notification.requestPermission()) === 'granted'
  }

  async show(title: string, body: string): Promise<void> {
    if (this.permission() !== 'granted' || !('serviceWorker' in navigator)) return
    const registration = await navigator.serviceWorker.getRegistration()
    await registration?.showNotification(title, { body, icon: '/icons/icon-192.png', tag: 'duty' })
  }
}
