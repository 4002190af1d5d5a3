// The page that asks the identity provider of this server to end its session: nobody is to be asked twice.
const form = document.getElementById('op.logoutForm');
const button = document.querySelector('button[name="logout"]');
if (form && button) form.requestSubmit(button);
